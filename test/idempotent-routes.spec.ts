import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readSources } from './support/source-files.js';

interface Handler {
  name: string;
  /** Names of the decorators of the method and of its class. */
  decorators: string[];
  /** It takes the reply, and does not leave the sending of it to Nest: then interceptors are passed over. */
  sendsItself: boolean;
}

/** Who hands out secrets, and may therefore do without. */
const HANDS_OUT_SECRETS = [/^AuthController\./, /^\w+\.invite$/];

function decoratorCalls(node: ts.Node): ts.CallExpression[] {
  if (!ts.canHaveDecorators(node)) return [];
  return (ts.getDecorators(node) ?? []).map(({ expression }) => expression).filter(ts.isCallExpression);
}
const nameOf = (call: ts.CallExpression) => call.expression.getText();

/** All handlers of POST routes in a file. */
function postHandlersOf(tree: ts.SourceFile): Handler[] {
  const handlers: Handler[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isMethodDeclaration(node) && ts.isClassDeclaration(node.parent) && decoratorCalls(node).some((call) => /^(Post|All)$/.test(nameOf(call)))) {
      const replies = node.parameters.flatMap(decoratorCalls).filter((call) => /^(Res|Response|Next)$/.test(nameOf(call)));
      handlers.push({
        name: `${node.parent.name!.text}.${node.name.getText()}`,
        decorators: [...decoratorCalls(node), ...decoratorCalls(node.parent)].map(nameOf),
        sendsItself: replies.some((call) => !/passthrough: true/.test(call.getText())),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return handlers;
}

const handlers = readSources(join(import.meta.dirname, '..', 'src')).flatMap(({ tree }) => postHandlersOf(tree));
const names = (some: Handler[]) => some.map(({ name }) => name);

describe('every POST route', () => {
  it('is found', () => {
    expect(names(handlers)).toEqual(expect.arrayContaining(['PagesController.create', 'AuthController.login', 'RoomsController.join']));
    const text = `@Auth() class C { @Post('x') a(@Res() r: R) {} @Post() @Resend() b(@Res({ passthrough: true }) r: R) {} @Get() c(@Res() r: R) {} }`;
    expect(postHandlersOf(ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true))).toEqual([
      { name: 'C.a', decorators: ['Post', 'Auth'], sendsItself: true },
      { name: 'C.b', decorators: ['Post', 'Resend', 'Auth'], sendsItself: false },
    ]);
  });

  it('leaves the sending of its answer to Nest, so that the interceptor sees it', () => {
    expect(names(handlers.filter(({ sendsItself }) => sendsItself))).toEqual([]);
  });

  it('says what a resend is answered with, or hands out secrets', () => {
    const says = (handler: Handler, decorator: string) => handler.decorators.includes(decorator);
    expect(names(handlers.filter((handler) => says(handler, 'Resend') === says(handler, 'WithoutIdempotencyKey')))).toEqual([]);
    const without = names(handlers.filter((handler) => says(handler, 'WithoutIdempotencyKey')));
    expect(without.filter((name) => !HANDS_OUT_SECRETS.some((some) => some.test(name)))).toEqual([]);
  });
});

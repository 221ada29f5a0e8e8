import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readSources } from './support/source-files.js';

/** Begins empty, and is there to be filled. Constants of modules (in capitals) are filled where they are written. */
const GROWS = /^new (?:Map|Set|WeakMap|WeakSet|LRUCache|BoundedCache|Counts|RateLimiter|ByteBudget|FairQueue|TailMemory|CommitQueue|Roster|Turns|OperationsUnderWay)\b|^\[\]$/;

/**
 * Why each of them cannot grow without end. Whoever adds a collection that outlives a request has to say so here; best is that it belongs
 * to a store, whose bytes are bounded and in metrics.
 */
const BOUNDED: Record<string, string[]> = {
  'a store, or part of one: bounded in bytes, with gauges (store_bytes, store_max_bytes)': [
    'journal/commit-queue.ts CommitQueue.waiting',
    'journal/commit-lane.ts CommitLane.queue',
    'journal/channel-tail.ts ChannelTail.recent',
    'journal/channel-tail.ts ChannelTail.recentBytes',
    'journal/fan-out.ts FanOut.memory',
    'journal/tail-memory.ts TailMemory.tails',
    'modules/auth/login-line.ts LoginLine.lines',
    'modules/auth/login-line.ts LoginLine.turns',
    'modules/auth/password-hasher.ts PasswordHasher.queue',
    'modules/auth/session-cache.ts SessionCache.users',
    'modules/channels/rights-cache.ts RightsCache.confirmations',
    'modules/channels/rights-cache.ts RightsCache.keys',
    'modules/collab/live-documents.ts LiveDocuments.slots',
    'modules/pages/page-access.ts PageAccess.channels',
    'modules/pages/page-access.ts PageAccess.slugs',
    'modules/pages/page-allowances.ts PageAllowances.known',
    'modules/presence/presence.ts Presence.silent',
    'platform/admission/admission.ts Admission.answers',
    'platform/admission/byte-budget.ts ByteBudget.keys',
    'platform/admission/fair-queue.ts FairQueue.lanes',
    'platform/admission/fair-queue.ts FairQueue.ready',
    'platform/bus/postgres.bus.ts PostgresBus.queue',
    'platform/realtime/realtime.ts Realtime.followed',
  ],
  'of one entry each for a subscription, which is a store': [
    'journal/fan-out.ts FanOut.tails',
    'journal/fan-out.ts FanOut.repairing',
    'journal/fan-out.ts FanOut.gapTimers',
    'modules/pages/page-cursors.ts PageCursors.senders',
    'modules/presence/presence.ts Presence.here',
    'modules/presence/presence.ts Presence.elsewhere',
    'modules/presence/presence.ts Roster.channels',
  ],
  'part of an open document, and of its weight in the store of documents': [
    'modules/pages/document/change-log.ts ChangeLog.changes',
    'modules/pages/document/change-log.ts ChangeLog.touching',
    'modules/pages/document/component-tree.ts ComponentTree.parents',
    'modules/pages/document/component-tree.ts ComponentTree.changed',
    'modules/pages/document/component-tree.ts ComponentTree.suspects',
    'modules/pages/document/homes.ts Homes.homes',
    'modules/pages/document/undone.ts footprints',
    'modules/pages/live-page.ts LivePage.sent',
    'modules/pages/live-page.ts LivePage.sentBefore',
  ],
  'of events and requests under way, which are bounded by number and bytes (unacked events, bodies, turns of users)': [
    'journal/commit-lane.ts CommitLane.broken',
    'journal/commit-lane.ts CommitLane.underWay',
    'journal/commit-lane.ts CommitLane.whenIdle',
    'journal/fan-out.ts FanOut.doubts',
    'journal/operations-under-way.ts OperationsUnderWay.operations',
    'modules/channels/rights-cache.ts RightsCache.loading',
    'modules/channels/rights-cache.ts RightsCache.next',
    'modules/channels/subscriptions.ts Subscriptions.openings',
    'modules/collab/live-document.ts LiveDocument.waiting',
    'modules/collab/live-document.ts LiveDocument.pending',
    'modules/messages/messages.service.ts MessagesService.turns',
    'modules/pages/page-access.ts PageAccess.loading',
    'modules/pages/page-cursors.ts PageCursors.pauses',
    'modules/pages/page-editing.service.ts PageEditingService.turns',
    'platform/admission/admission.ts Admission.underWay',
    'platform/realtime/gates.ts Gates.channels',
    'platform/turns.ts Turns.last',
  ],
  'of connections, which are bounded (BareConnections, LIMITS.socketsPerUser)': [
    'platform/admission/bare-connections.ts BareConnections.bare',
    'platform/admission/bare-connections.ts BareConnections.ofClients',
    'platform/admission/bare-connections.ts BareConnections.ofUsers',
    'platform/admission/bare-connections.ts BareConnections.users',
    'platform/counts.ts Counts.counts',
    'platform/realtime/handshake-gate.ts HandshakeGate.paid',
    'platform/realtime/handshake-gate.ts HandshakeGate.admissions',
  ],
  'of one tick, one request or one patch': [
    'platform/rate-limit/rate-limits.ts Attempt.taken',
    'journal/channel-tail.ts ChannelTail.early',
    'modules/pages/document/attempt.ts Attempt.applied',
    'modules/pages/document/attempt.ts Attempt.undo',
    'modules/pages/document/attempt.ts Attempt.removals',
    'modules/pages/document/attempt.ts Attempt.sentTexts',
    'modules/pages/document/component-shape.ts ShapeWatch.entered',
    'modules/pages/document/rebase.ts Rebase.theirs',
    'modules/pages/document/undone.ts Trail.changes',
    'modules/pages/document/undone.ts Trail.places',
    'modules/pages/document/undone.ts Trail.ends',
    'modules/pages/document/undone.ts Trail.ways',
    'modules/pages/page-preview.ts Preview.seen',
    'modules/pages/page-undo-log.ts UndoLog.attempts',
    'modules/pages/page-undo-log.ts UndoLog.holding',
    'platform/realtime/room-adapter.ts Batch.frames',
    'platform/realtime/room-adapter.ts RoomAdapter.roomBatches',
    'platform/realtime/room-adapter.ts RoomAdapter.socketBatches',
    'platform/realtime/room-adapter.ts RoomAdapter.tooSlow',
  ],
  'filled at the start, or by the code alone': [
    'journal/fan-out.ts FanOut.consumers',
    'journal/fan-out.ts FanOut.seenListeners',
    'journal/journal-connection.ts JournalConnection.texts',
    'journal/journal.repository.ts JournalRepository.hydrators',
    'journal/journal.ts Journal.projections',
    'journal/journal.ts Journal.connections',
    'journal/journal.ts Journal.lanes',
    'modules/access/invite-targets.ts InviteTargets.targets',
    'modules/channels/channel-access.ts ChannelAccess.readers',
    'modules/presence/presence.ts Presence.namers',
    'modules/users/contacts.ts Contacts.commonGrounds',
    'modules/users/succession.ts Succession.estates',
    'platform/audit/refusals.ts Refusals.recorded',
    'platform/bus/postgres.bus.ts PostgresBus.listeners',
    'platform/bus/postgres.bus.ts PostgresBus.upListeners',
    'platform/database/database.ts statementNames',
    'platform/housekeeping/housekeeping.ts Housekeeping.chores',
    'platform/housekeeping/housekeeping.ts Housekeeping.timers',
    'platform/idempotency/resends.ts Resends.readers',
    'platform/memory/stores.ts stores',
    'platform/metrics/metrics.ts collectors',
    'platform/rate-limit/rate-limits.ts RateLimits.limiters',
    'platform/rate-limit/rate-limits.ts RateLimits.siteLimiters',
    'platform/realtime/event-dispatcher.ts EventDispatcher.routes',
    'platform/realtime/realtime.ts Realtime.subscribedListeners',
    'platform/realtime/realtime.ts Realtime.unsubscribedListeners',
    'platform/realtime/revocations.ts Revocations.listeners',
  ],
};

/** Fields of classes and variables of modules. */
function collections(): string[] {
  return readSources('src').flatMap(({ name, tree }) => {
    const found: string[] = [];
    const note = ({ initializer, name: declared }: ts.PropertyDeclaration | ts.VariableDeclaration, owner: string): void => {
      const variable = declared.getText(tree);
      const isConstant = owner === '' && variable === variable.toUpperCase();
      if (initializer && !isConstant && GROWS.test(initializer.getText(tree))) found.push(`${name} ${owner}${variable}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node)) return;
      if (ts.isClassDeclaration(node)) for (const member of node.members) if (ts.isPropertyDeclaration(member)) note(member, `${node.name?.text}.`);
      if (ts.isVariableStatement(node)) for (const declaration of node.declarationList.declarations) note(declaration, '');
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  });
}

describe('what outlives a request', () => {
  it('is bounded, and says by what', () => {
    expect(collections().sort()).toEqual(Object.values(BOUNDED).flat().sort());
  });

  it('is kept by no cache but the bounded one', () => {
    const others = readSources('src').filter(({ imports }) => imports.some(({ specifier, isType }) => specifier === 'lru-cache' && !isType));
    expect(others.map(({ name }) => name)).toEqual(['platform/memory/bounded-cache.ts']);
  });
});

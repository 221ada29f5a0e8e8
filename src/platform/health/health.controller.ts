import { Controller, Get, Header, Headers, HttpCode, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheckService, type HealthCheckResult, HealthIndicatorService } from '@nestjs/terminus';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Database } from '../database/database.js';
import { Bus } from '../bus/bus.js';
import { Public } from '../identity/public.js';
import { registry, scrape } from '../metrics/metrics.js';
import { Lifecycle } from '../shutdown/lifecycle.js';
import { OpsAccess } from './ops-access.js';

const DATABASE_TIMEOUT_MS = 1_000;

/** What operators and orchestrators ask. Liveness asks nothing of others: restarting us mends no database. */
@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly lifecycle: Lifecycle,
    private readonly access: OpsAccess,
  ) {}

  @Get('livez')
  @Public()
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string; reason?: string }> {
    if (this.lifecycle.isDraining) return refuse(reply, 'draining');
    return (await this.answers()) ? { status: 'ok' } : refuse(reply, 'database');
  }

  @Get('health')
  @Public()
  async check(@Headers() headers: IncomingHttpHeaders, @Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult | Pick<HealthCheckResult, 'status'>> {
    const result = await this.health
      .check([() => this.checkDatabase(), () => this.checkBus(), () => this.checkDrain()])
      .catch((error: { response?: HealthCheckResult }) => error.response);
    if (!result) throw new Error('health check gave no result');
    void reply.status(result.status === 'ok' ? 200 : 503);
    return this.access.maySeeDetail(headers) ? result : { status: result.status };
  }

  @Get('metrics')
  @Public()
  @Header('content-type', registry.contentType)
  metrics(): Promise<string> {
    return scrape();
  }

  private async checkDatabase() {
    const indicator = this.indicators.check('database');
    return (await this.answers()) ? indicator.up() : indicator.down('does not answer');
  }

  private async answers(): Promise<boolean> {
    const timeout = new Promise<false>((resolve) => setTimeout(resolve, DATABASE_TIMEOUT_MS, false).unref());
    const ping = this.database.rows('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([ping, timeout]);
  }

  private checkBus() {
    const indicator = this.indicators.check('bus');
    return this.bus.isUp ? indicator.up() : indicator.down('not connected; entries of other nodes are read from the journal');
  }

  private checkDrain() {
    const indicator = this.indicators.check('drain');
    return this.lifecycle.isDraining ? indicator.down('draining') : indicator.up();
  }
}

function refuse(reply: FastifyReply, reason: string): { status: string; reason: string } {
  void reply.status(503);
  return { status: 'unavailable', reason };
}

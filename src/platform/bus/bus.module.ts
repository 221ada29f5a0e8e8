import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Bus } from './bus.js';
import { LocalBus } from './local.bus.js';
import { PostgresBus } from './postgres.bus.js';

/** The one place where the bus is chosen. */
@Global()
@Module({
  providers: [
    {
      provide: Bus,
      inject: [Config],
      useFactory: async (config: Config) => {
        const bus = config.get('BUS') === 'postgres' ? new PostgresBus(config.get('DATABASE_URL')) : new LocalBus();
        await bus.start();
        return bus;
      },
    },
  ],
  exports: [Bus],
})
export class BusModule implements OnApplicationShutdown {
  constructor(@Inject(Bus) private readonly bus: Bus) {}
  onApplicationShutdown(): Promise<void> {
    return this.bus.stop();
  }
}

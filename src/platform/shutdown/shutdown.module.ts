import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.js';
import { Lifecycle } from './lifecycle.js';

@Global()
@Module({ providers: [Drain, Lifecycle], exports: [Drain, Lifecycle] })
export class ShutdownModule {}

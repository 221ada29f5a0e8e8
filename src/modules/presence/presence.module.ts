import { Global, Module } from '@nestjs/common';
import { Presence } from './presence.js';

@Global()
@Module({ providers: [Presence], exports: [Presence] })
export class PresenceModule {}

import { Global, Module } from '@nestjs/common';
import { ChannelAccess } from './channel-access.js';
import { ResumeGateway } from './resume.gateway.js';
import { Subscriptions } from './subscriptions.js';

@Global()
@Module({ providers: [ChannelAccess, Subscriptions, ResumeGateway], exports: [ChannelAccess, Subscriptions] })
export class ChannelsModule {}

import { Global, Module } from '@nestjs/common';
import { ClientAddresses } from '../http/client-address.js';
import { Admission } from './admission.js';
import { BareConnections } from './bare-connections.js';
import { BodyBudget } from './body-budget.js';
import { TurnsOfUsers } from './turns-of-users.js';

/** Limits on requests and connections before they are served. Global, because the realtime module admits sockets with the same services. */
@Global()
@Module({ providers: [Admission, BareConnections, BodyBudget, ClientAddresses, TurnsOfUsers], exports: [Admission, BareConnections, BodyBudget, ClientAddresses, TurnsOfUsers] })
export class AdmissionModule {}

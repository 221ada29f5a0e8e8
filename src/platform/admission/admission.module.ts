import { Global, Module } from '@nestjs/common';
import { ClientAddresses } from '../http/client-address.js';
import { Admission } from './admission.js';
import { BareConnections } from './bare-connections.js';
import { BodyBudget } from './body-budget.js';
import { TurnsOfUsers } from './turns-of-users.js';

/** Who may come in, and how much of them at once. Global, because sockets are admitted elsewhere. */
@Global()
@Module({ providers: [Admission, BareConnections, BodyBudget, ClientAddresses, TurnsOfUsers], exports: [Admission, BareConnections, BodyBudget, ClientAddresses, TurnsOfUsers] })
export class AdmissionModule {}

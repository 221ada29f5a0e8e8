import { Global, Module } from '@nestjs/common';
import { Grants } from './grants.js';
import { GrantsRepository } from './grants.repository.js';

/** Who may do what with documents. Everything that has them needs it. */
@Global()
@Module({
  providers: [Grants, GrantsRepository],
  exports: [Grants],
})
export class AccessModule {}

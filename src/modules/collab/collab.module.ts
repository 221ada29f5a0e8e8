import { Global, Module } from '@nestjs/common';
import { LiveDocuments } from './live-documents.js';

@Global()
@Module({ providers: [LiveDocuments], exports: [LiveDocuments] })
export class CollabModule {}

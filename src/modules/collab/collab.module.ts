import { Global, Module } from '@nestjs/common';
import { DocumentSettings } from './document-settings.js';
import { LiveDocuments } from './live-documents.js';

@Global()
@Module({ providers: [LiveDocuments, DocumentSettings], exports: [LiveDocuments] })
export class CollabModule {}

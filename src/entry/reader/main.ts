import { serve } from '../../adapters/reader/serve.js';
import { readText } from '../../core/model/text.js';

// A hostile text makes the parser create errors by the hundred thousand; nobody reads where they came from.
Error.stackTraceLimit = 0;
serve((bytes) => readText(bytes));

export { printable, printableLines } from '../../../core/base/printable.js';

export { type TipWatch, type Watching, watchTip } from './tip.js';

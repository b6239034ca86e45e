/** The Worker with a meter that keeps nothing: what the way to the objects and back costs by itself. */
export { default } from '../../src/index.ts'
export { UsageMeter } from './meter.object.ts'

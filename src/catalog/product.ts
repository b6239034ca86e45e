export type ProductKind = 'usage' | 'recurring' | 'one_time'

/** How revenue of a product is recognised. */
export type RecognitionMethod = 'usage' | 'daily' | 'point_in_time'

export const defaultRecognition: Record<ProductKind, RecognitionMethod> = {
  usage: 'usage',
  recurring: 'daily',
  one_time: 'point_in_time',
}

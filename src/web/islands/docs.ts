/** Swagger UI, as far as it is used here. */
declare function SwaggerUIBundle(options: {
  url: string
  dom_id: string
  deepLinking: boolean
  displayRequestDuration: boolean
  docExpansion: 'list' | 'none'
  defaultModelsExpandDepth: number
  validatorUrl: null
}): void

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // By default the document would be sent to a service of swagger.io.
  validatorUrl: null,
})

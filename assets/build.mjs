// Compiles scss/*.scss into the application's static folder, with the licence of what they contain beside them.
import { readFileSync, writeFileSync, mkdirSync, copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '..', 'src', 'tongban', 'web', 'static', 'tongban')
const govuk = JSON.parse(readFileSync(join(here, 'node_modules', 'govuk-frontend', 'package.json'), 'utf8'))
const notice = `/*! Tongban, Apache-2.0. Contains parts of govuk-frontend ${govuk.version}, MIT: see GOVUK-FRONTEND-LICENCE.txt */\n`

mkdirSync(target, { recursive: true })
for (const name of ['tongban', 'desk', 'hall']) {
  const { css } = sass.compile(join(here, 'scss', `${name}.scss`), {
    style: 'compressed',
    charset: false,
    quietDeps: true,
    loadPaths: [join(here, 'node_modules')]
  })
  writeFileSync(join(target, `${name}.css`), notice + css + '\n')
  const size = (bytes) => `${(bytes / 1024).toFixed(1)} KB`
  console.log(`${name}.css ${size(css.length)}, ${size(brotliCompressSync(css).length)} over the wire`)
}
copyFileSync(join(here, 'GOVUK-FRONTEND-LICENCE.txt'), join(target, 'GOVUK-FRONTEND-LICENCE.txt'))

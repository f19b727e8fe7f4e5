import { membersOf } from '../failure.js'
import type { NewsCandidate } from './news.js'
import { symbolsAmong } from './news-names.js'
import type { Row } from '../rows.js'

const listOf = (value: unknown): Row[] => (Array.isArray(value) ? value.map(membersOf) : [])

/** An item of RSS or RDF, as feedsmith gives it. Where there is no link, the id is one unless it says that it is none. */
export function itemOf(row: Row): NewsCandidate {
  const guid = membersOf(row.guid)
  const dublin = membersOf(row.dc)
  return {
    id: guid.value,
    title: row.title,
    url: row.link ?? (guid.isPermaLink === false ? undefined : guid.value),
    publishedAt: row.pubDate ?? (Array.isArray(dublin.dates) ? dublin.dates[0] : undefined),
    summary: row.description,
    imageUrl: imageIn(row),
    symbols: symbolsAmong(listOf(row.categories).map(({ name }) => name)),
  }
}

/** An entry of Atom. */
export function entryOf(row: Row): NewsCandidate {
  const links = listOf(row.links)
  const pages = links.filter(({ rel }) => rel === undefined || rel === 'alternate')
  return {
    id: row.id,
    title: membersOf(row.title).value,
    url: (pages.find(({ type }) => type === 'text/html') ?? pages[0])?.href,
    publishedAt: row.published ?? row.updated,
    summary: membersOf(row.summary).value,
    imageUrl: imageIn(row) ?? links.find(({ rel, type }) => rel === 'enclosure' && isImage(type))?.href,
    symbols: symbolsAmong(listOf(row.categories).map(({ term }) => term)),
  }
}

/** An item of a JSON Feed. */
export const articleOf = (row: Row): NewsCandidate => ({
  id: row.id,
  title: row.title,
  url: row.url ?? row.external_url,
  publishedAt: row.date_published ?? row.date_modified,
  summary: row.summary,
  imageUrl: row.image ?? row.banner_image,
  symbols: symbolsAmong(Array.isArray(row.tags) ? row.tags : []),
})

const isImage = (type: unknown): boolean => typeof type === 'string' && type.startsWith('image/')

/** Enclosure or Media RSS, as it stands on the item or in its groups; of a film its thumbnail. */
function imageIn(row: Row): unknown {
  const medias = [membersOf(row.media), ...listOf(membersOf(row.media).groups)]
  const contents = medias.flatMap((media) => listOf(media.contents))
  const picture = [...listOf(row.enclosures), ...contents].find(({ type, medium }) => isImage(type) || medium === 'image')
  return (picture ?? [...medias, ...contents].flatMap(({ thumbnails }) => listOf(thumbnails))[0])?.url
}

// @ts-check
// What the parts of the phone that are drawn in JavaScript are made of.

/**
 * An element.
 * @param {string} tag
 * @param {Record<string, any>} [properties] of the element, or attributes where it has none
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) Object.assign(element, { [name]: value });
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A symbol of icons.svg. @param {string} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(svg.namespaceURI ?? '', 'use');
  use.setAttribute('href', new URL(`../icons.svg#${name}`, import.meta.url).href);
  svg.append(use);
  return svg;
}

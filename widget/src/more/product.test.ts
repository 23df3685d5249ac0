// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { noProduct, readProduct } from './product.ts';

it("reads WoLive's attribute and our own fields", () => {
  const attribute =
    '{"pid":"7","url":"/shoe","img":"https://cdn.example/7.png","title":"Shoe","info":"red","price":"9"}';
  expect(readProduct(attribute)).toEqual({
    pid: '7',
    url: new URL('/shoe', document.baseURI).href,
    image: 'https://cdn.example/7.png',
    title: 'Shoe',
    info: 'red',
    price: '9',
  });
  expect(readProduct({ title: 'Shoe', price: 9 })).toEqual({ ...noProduct, title: 'Shoe', price: '9' });
});

it.each([undefined, null, ''])('takes %j for no product any more', (given) => {
  expect(readProduct(given)).toEqual(noProduct);
});

it.each(['{', '7', '[]', 7, [[]], true])('refuses %j', (given) => {
  expect(readProduct(given)).toBeNull();
});

it('leaves out what is no text, and addresses that are none', () => {
  expect(readProduct({ title: {}, url: 'http://', price: null })).toEqual(noProduct);
});

/**
 * Includes a script of the chat server's. It works by what it calls; here only its failure is heard of.
 * @param nonce of our own script tag, for a page whose policy goes by nonces
 */
export function includeScript(src: string, nonce: string, failed: () => void): void {
  const script = document.createElement('script');
  script.src = src;
  script.nonce = nonce;
  script.onerror = () => {
    script.remove();
    failed();
  };
  document.head.append(script);
}

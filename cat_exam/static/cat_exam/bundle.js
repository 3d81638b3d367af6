// Fetches the encrypted paper, checks it, and opens it when the key comes.
const hex = (buffer) => [...new Uint8Array(buffer)].map((b) => b.toString(16).padStart(2, "0")).join("");
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

// Gives the bytes whose SHA-256 is the announced one; throws otherwise. A second try passes by the cache.
export const fetchBundle = async ({ url, sha256 }) => {
  for (const cache of ["default", "reload"]) {
    const answer = await fetch(url, { cache });
    if (!answer.ok) throw new Error(`bundle: ${answer.status}`);
    const body = await answer.arrayBuffer();
    if (hex(await crypto.subtle.digest("SHA-256", body)) === sha256) return body;
  }
  throw new Error("bundle: changed on the way");
};

// AES-256-GCM (12 bytes of nonce first) around gzip around JSON.
export const openBundle = async (body, key) => {
  const secret = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: body.slice(0, 12) }, secret, body.slice(12));
  const stream = new Blob([plain]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
};

// The candidate's own order of items and options.
export const arrange = (bundle, order, options) =>
  order.map((place, i) => {
    const item = bundle.items[place];
    return { ...item, options: [...options[i]].map((digit) => item.options[digit]) };
  });

// Stays connected: ticket, socket, hello; comes back with a growing, jittered wait for as long as it takes.
import { Close, Code, POST_PATH, SOCKET_PATH, TICKET_PATH, VERSION, echo, hello } from "./protocol.js";

const QUIET = 10_000; // after so long without a word we ask
const PATIENCE = 5_000; // and wait so long for an answer
const LONGEST = 5_000;
const MOVED_ON = 1012; // a server that restarts: everybody comes back at another moment
const POLL = 2_000;

// A WebSocket's stand-in where those are blocked: the same frames travel by POST, each time with a fresh ticket.
class Post {
  #out = [];
  #wake = () => {};
  #left = 400; // requests until a real socket is tried again

  constructor(post) {
    this.#run(post);
  }

  send(frame) {
    this.#out.push(frame);
    this.#wake();
  }

  close() {
    this.#left = 0;
    this.onmessage = this.onclose = () => {};
    this.#wake();
  }

  async #run(post) {
    let code = 0;
    try {
      for (; this.#left && !code; this.#left--) {
        const answer = await post(this.#out.splice(0));
        for (const data of (await answer.text()).split("\n")) this.onmessage({ data });
        code = +answer.headers.get("X-Close");
        if (this.#left && !this.#out.length) await new Promise((done) => setTimeout((this.#wake = done), POLL));
      }
    } catch {}
    this.onclose({ code });
  }
}

export class Socket {
  #ws = null;
  #tries = 0;
  #timer = 0;
  #heard = 0;
  #asked = 0;
  #closed = true;
  #silent = 0; // sockets in a row that never said a word although the server gave us tickets

  // on: message(msg), up(), down(), out(text): this browser may not come back
  constructor({ csrf, device, on }) {
    Object.assign(this, { csrf, device, on });
    addEventListener("online", () => this.#now());
    setInterval(() => this.#watch(), 1_000);
  }

  up = false;
  latency = 0; // milliseconds there and back

  open() {
    this.#closed = false;
    this.#connect();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#lose();
  }

  // Starts over at once, with a fresh word of the server about time and answers.
  restart() {
    if (this.#closed || !this.#ws) return;
    this.#lose();
    this.#connect();
  }

  send(message) {
    if (this.up) this.#ws.send(JSON.stringify(message));
    return this.up;
  }

  #fetch(path, body) {
    const headers = { "X-CSRFToken": this.csrf, Accept: "application/json" };
    return fetch(path, { method: "POST", headers, body, signal: AbortSignal.timeout(8_000) });
  }

  #hello(ticket) {
    return JSON.stringify(hello(VERSION, ticket, this.device));
  }

  async #ticket() {
    const answer = await this.#fetch(TICKET_PATH);
    if (answer.ok) return (await answer.json()).ticket;
    if (answer.status >= 500 || answer.status === 429) throw new Error("try again");
    const { text } = await answer.json().catch(() => ({}));
    this.#closed = true;
    this.on.out(text);
    return null;
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    let ticket;
    try {
      ticket = await this.#ticket();
    } catch {
      return this.#later();
    }
    if (!ticket || this.#closed) return;
    const post = async (frames) => {
      const first = this.#hello(ticket || (await this.#ticket()));
      ticket = "";
      const answer = await this.#fetch(POST_PATH, [first, ...frames].join("\n"));
      if (!answer.ok) throw new Error("try again");
      return answer;
    };
    const url = location.origin.replace(/^http/, "ws") + SOCKET_PATH;
    const ws = this.#silent > 1 ? new Post(post) : new WebSocket(url);
    this.#ws = ws;
    this.#silent++;
    this.#heard = performance.now();
    this.#asked = 0;
    ws.onopen = () => ws.send(this.#hello(ticket));
    ws.onmessage = ({ data }) => data && this.#take(ws, JSON.parse(data));
    ws.onclose = (event) => {
      if (ws !== this.#ws) return;
      this.#lose();
      if (event.code === Close.REMOVED || event.code === Close.FOREIGN_ORIGIN) this.#closed = true;
      if (!this.#closed) this.#later(event.code);
    };
  }

  #take(ws, message) {
    if (ws !== this.#ws) return;
    this.#heard = performance.now();
    this.#asked = 0;
    if (message.t === "echoed") return void (this.latency = Math.round(this.#heard - message.at));
    if (message.code === Code.VERSION_UNKNOWN) {
      this.#closed = true;
      return this.on.out(message.text);
    }
    if (message.t === "welcome" && this.up) message = { ...message, t: "clock" };
    if (message.t === "welcome") {
      this.#tries = 0;
      this.#silent = ws instanceof Post ? 1 : 0;
      this.up = true;
      this.on.up();
    }
    this.on.message(message);
    // Only now: what waited goes first, or the server could not tell it from what was written in a pause.
    if (message.t === "welcome") this.#ask();
  }

  #lose() {
    const ws = this.#ws;
    this.#ws = null;
    ws?.close();
    if (this.up) {
      this.up = false;
      this.on.down();
    }
  }

  #later(code) {
    const usual = Math.min(LONGEST, 300 * 2 ** this.#tries++) * (0.5 + Math.random() / 2);
    const wait = code === MOVED_ON ? 2_000 * Math.random() : usual;
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #now() {
    if (this.#timer && !this.#closed) this.#connect();
  }

  // A pulled cable closes nothing: silence is asked about, and no answer is a lost connection.
  #watch() {
    const now = performance.now();
    if (!this.#ws) return;
    if (this.#asked ? now - this.#asked > PATIENCE : now - this.#heard > QUIET + PATIENCE) {
      this.#lose();
      this.#later();
    } else if (this.up && !this.#asked && now - this.#heard > QUIET) this.#ask();
  }

  #ask() {
    this.#asked = performance.now();
    this.send(echo(Math.floor(this.#asked)));
  }
}

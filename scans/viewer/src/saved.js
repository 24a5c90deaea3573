// Views and measurements that are kept with a scan, by the API.
export class Saved {
  constructor(token) {
    this.token = token;
  }

  async ask(address, method = "GET", body = undefined) {
    const headers = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRFToken"] = this.token;
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body), credentials: "same-origin" });
    if (answer.status === 204) return null;
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail ?? String(answer.status));
    return told;
  }

  list(address) {
    return this.ask(address);
  }

  save(address, body) {
    return this.ask(address, "POST", body);
  }

  remove(address, uuid) {
    return this.ask(`${address}/${uuid}`, "DELETE");
  }
}

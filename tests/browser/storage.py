"""What browsers do to storage, as scripts that run before the page does."""

from __future__ import annotations

# The connections that a page has opened, so that a test may close them as iOS does in the background.
CONNECTIONS = """
  globalThis.connections = [];
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...asked) {
    const request = open.apply(this, asked);
    request.addEventListener("success", () => connections.push(request.result));
    return request;
  };
"""
FORBIDDEN = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
ABSENT = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });"
FAILING = """
  IDBFactory.prototype.open = () => {
    const request = { error: new DOMException("broken", "UnknownError") };
    setTimeout(() => request.onerror());
    return request;
  };
"""
SILENT = "IDBFactory.prototype.open = () => ({});"
NO_KEYS = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (value.privateKey ?? value.key?.privateKey) throw new DOMException("no keys", "DataCloneError");
    return put.call(this, value, ...key);
  };
"""
LOSES_KEYS = """
  const get = IDBObjectStore.prototype.get;
  IDBObjectStore.prototype.get = function () { return get.call(this, "nothing has this name"); };
"""
FULL = """
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
"""
NO_LOCAL_STORAGE = """
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, { get() { throw new DOMException("no", "SecurityError"); } });
  }
"""

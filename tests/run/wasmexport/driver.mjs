// Calls the reactor's exports: node driver.mjs main.wasm
import { readFile } from "node:fs/promises"
import { argv } from "node:process"
import { WASI } from "node:wasi"

const wasi = new WASI({ version: "preview1", args: [], env: {}, returnOnExit: true })
const imports = {
	wasi_snapshot_preview1: wasi.wasiImport,
	driver: { callback: depth => instance.exports.nest(depth) },
}
const { instance } = await WebAssembly.instantiate(await readFile(argv[2]), imports)
wasi.initialize(instance)
const { add, kinds, block, sleep, crowd, nest, buffer, checksum, report, memory } = instance.exports
console.log("add", add(2, 3), add(0x7fffffff, 1))
const address = buffer(1000)
new Int32Array(memory.buffer, address, 1)[0] = 7
console.log("kinds", kinds(1n << 40n, 0.5, 0.25, 1, address), kinds(0n, 0, 0, 0, address))
console.log("block", block(5), block(6), block(-1))
console.log("sleep", sleep(5n))
console.log("crowd", crowd(100))
console.log("nest", nest(0), nest(3))
const bytes = new Uint8Array(memory.buffer, buffer(5), 5)
bytes.set([1, 2, 3, 4, 5])
crowd(1000)
console.log("checksum", checksum())
report()
report()

/** HTTP/1.1 and HTTP/2 on the wire, as server and as client, turned into exchanges. Loop-owned. */
@NullMarked
package dev.sluice.proxy.codec;

import org.jspecify.annotations.NullMarked;

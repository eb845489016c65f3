/** TLS and the other transport sockets as plain data. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.tls;

import org.jspecify.annotations.NullMarked;

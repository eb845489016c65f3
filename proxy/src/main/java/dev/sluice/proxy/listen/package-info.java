/** Listening sockets and the pipelines of accepted connections. Loop-owned. */
@NullMarked
package dev.sluice.proxy.listen;

import org.jspecify.annotations.NullMarked;

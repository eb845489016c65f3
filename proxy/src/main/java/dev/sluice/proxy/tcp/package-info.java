/** Connections that are carried as bytes. Loop-owned. */
@NullMarked
package dev.sluice.proxy.tcp;

import org.jspecify.annotations.NullMarked;

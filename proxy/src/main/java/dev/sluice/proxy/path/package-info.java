/** The path of a request; read RequestPath first. Loop-owned. */
@NullMarked
package dev.sluice.proxy.path;

import org.jspecify.annotations.NullMarked;

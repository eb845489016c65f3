/** Listeners, their filter chains and network filters as records. Pure. */
@NullMarked
package dev.sluice.proxy.resource.listener;

import org.jspecify.annotations.NullMarked;

/**
 * HTTP filters between route and gate. Read FilterChain first. Filters are shared by all loops; a
 * run through them is loop-owned.
 */
@NullMarked
package dev.sluice.proxy.filter;

import org.jspecify.annotations.NullMarked;

/** HTTP filters around a route: header mutation, path rewrite. Pure. */
@NullMarked
package dev.sluice.proxy.filter;

import org.jspecify.annotations.NullMarked;

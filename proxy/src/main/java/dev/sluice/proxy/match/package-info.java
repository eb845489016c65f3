/** Says whether a request is as a route, or a rule of a filter, wants it. Pure. */
@NullMarked
package dev.sluice.proxy.match;

import org.jspecify.annotations.NullMarked;

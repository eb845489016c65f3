/**
 * What a request must be like: the matchers of Envoy's routes and of a gate's rules, and the view
 * of a request that they read. Imports dev.sluice.contract and, in MatcherParser and MatcherWriter
 * only, the generated messages. Immutable.
 */
@NullMarked
package dev.sluice.contract.match;

import org.jspecify.annotations.NullMarked;

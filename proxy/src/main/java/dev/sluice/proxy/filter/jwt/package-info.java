/** Judges the JSON Web Tokens of a request. Read TokenRequirement first. */
@NullMarked
package dev.sluice.proxy.filter.jwt;

import org.jspecify.annotations.NullMarked;

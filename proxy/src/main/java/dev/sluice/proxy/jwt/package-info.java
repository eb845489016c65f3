/** Says whether a JSON Web Token (RFC 7519) is valid for a provider. Pure. */
@NullMarked
package dev.sluice.proxy.jwt;

import org.jspecify.annotations.NullMarked;

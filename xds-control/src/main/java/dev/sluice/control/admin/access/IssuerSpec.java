package dev.sluice.control.admin.access;

import com.nimbusds.jose.jwk.JWKSet;
import dev.sluice.control.change.Rights;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * An OpenID provider whose tokens let people or CI jobs in. Immutable.
 *
 * @param name of the provider here; principals are called {@code NAME:USER}, so that no provider
 *     can speak for users of another, nor for those of the file
 * @param issuer what claim {@code iss} must be, byte for byte (OpenID Connect Core, section
 *     3.1.3.7)
 * @param audiences one of which claim {@code aud} must hold
 * @param keys where its keys are
 * @param userClaim whose value names the user; {@code sub} unless told
 * @param grants what its users may; a user that no grant fits is not let in
 */
public record IssuerSpec(
        String name,
        String issuer,
        Set<String> audiences,
        Keys keys,
        String userClaim,
        List<Grant> grants) {
    public IssuerSpec {
        audiences = Set.copyOf(audiences);
        grants = List.copyOf(grants);
    }

    /** Where a JSON Web Key Set (RFC 7517) is. */
    public sealed interface Keys {
        /** Fetched, kept, and fetched again before it is old or when a token names a new key. */
        record At(URI address) implements Keys {}

        /** Of a file that was read at start. */
        record Fixed(JWKSet keys) implements Keys {}
    }

    /**
     * Rights of whoever has a claim.
     *
     * @param claim such as {@code groups}
     * @param value what it must be, or hold when it is a list
     */
    public record Grant(String claim, String value, Rights rights) {}
}

package dev.sluice.control.admin.access;

import com.nimbusds.jwt.SignedJWT;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.Principal;
import dev.sluice.control.governance.Governance;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who a caller is by what it shows, and what that one may. Thread-safe. */
public final class Access {
    private static final Identity ADMIN =
            Identity.of(new Principal(Governance.EMBEDDED_ADMIN, Principal.AuthMethod.TOKEN));

    private final AdminToken adminToken;
    private final Map<UsersFile.Proof, Identity> users;
    private final Map<String, IssuerTokens> issuers;
    private final Governance governance;

    private Access(
            AdminToken adminToken,
            Map<UsersFile.Proof, Identity> users,
            Map<String, IssuerTokens> issuers,
            Governance governance) {
        this.adminToken = adminToken;
        this.users = users;
        this.issuers = issuers;
        this.governance = governance;
    }

    /**
     * The holder of the generated token, and who stands in a file.
     *
     * @param clock that tokens of providers expire by
     */
    public static Access of(
            AdminToken adminToken, UsersFile.Contents contents, InstantSource clock) {
        return new Access(
                adminToken,
                contents.users().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        UsersFile.Entry::proof, Access::identity)),
                contents.issuers().stream()
                        .map(spec -> IssuerTokens.of(spec, clock))
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        IssuerTokens::issuer, Function.identity())),
                Governance.of(contents.users().stream().map(UsersFile.Entry::user).toList()));
    }

    private static Identity identity(UsersFile.Entry entry) {
        Principal.AuthMethod method =
                switch (entry.proof()) {
                    case UsersFile.Proof.Token _ -> Principal.AuthMethod.TOKEN;
                    case UsersFile.Proof.Certificate _ -> Principal.AuthMethod.CERTIFICATE;
                };
        return Identity.of(new Principal(entry.user().name(), method));
    }

    /** Who may do what. */
    public Governance governance() {
        return governance;
    }

    /**
     * Whose bearer token this is; empty when nobody's. Only digests of users' secrets are compared.
     * May wait while a provider's keys are fetched.
     */
    Optional<Identity> holderOf(String token) {
        if (adminToken.is(token)) {
            return Optional.of(ADMIN);
        }
        Identity user = users.get(new UsersFile.Proof.Token(Digest.of(token)));
        return user == null ? vouched(token) : Optional.of(user);
    }

    /** Who has a SPIFFE ID that a verified certificate holds; empty when nobody. */
    Optional<Identity> bearerOf(String spiffeId) {
        return Optional.ofNullable(users.get(new UsersFile.Proof.Certificate(spiffeId)));
    }

    private Optional<Identity> vouched(String token) {
        if (issuers.isEmpty()) {
            return Optional.empty();
        }
        try {
            SignedJWT signed = SignedJWT.parse(token);
            @Nullable String issuer = signed.getJWTClaimsSet().getIssuer();
            return Optional.ofNullable(issuer)
                    .map(issuers::get)
                    .flatMap(tokens -> tokens.identity(signed));
        } catch (ParseException malformed) {
            return Optional.empty();
        }
    }
}

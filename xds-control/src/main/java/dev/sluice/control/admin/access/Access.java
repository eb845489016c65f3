package dev.sluice.control.admin.access;

import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Principal;
import dev.sluice.control.governance.Governance;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whose token a caller shows, and what that one may. Immutable. */
public final class Access {
    private static final Principal ADMIN =
            new Principal(Governance.EMBEDDED_ADMIN, Principal.AuthMethod.TOKEN);

    private final AdminToken adminToken;
    private final Map<Digest, Principal> byTokenDigest;
    private final Governance governance;

    private Access(
            AdminToken adminToken, Map<Digest, Principal> byTokenDigest, Governance governance) {
        this.adminToken = adminToken;
        this.byTokenDigest = byTokenDigest;
        this.governance = governance;
    }

    /**
     * The holder of the generated token, and the users of a file.
     *
     * @param users as {@link UsersFile} read them
     */
    public static Access of(AdminToken adminToken, List<UsersFile.Entry> users) {
        return new Access(
                adminToken,
                users.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        UsersFile.Entry::tokenSha256,
                                        entry ->
                                                new Principal(
                                                        entry.user().name(),
                                                        Principal.AuthMethod.TOKEN))),
                Governance.of(users.stream().map(UsersFile.Entry::user).toList()));
    }

    /** Who may do what. */
    public Governance governance() {
        return governance;
    }

    /** Whose secret this is; empty when nobody's. Only digests of users' secrets are compared. */
    Optional<Principal> holderOf(String secret) {
        return adminToken.is(secret)
                ? Optional.of(ADMIN)
                : Optional.ofNullable(byTokenDigest.get(Digest.of(secret)));
    }
}

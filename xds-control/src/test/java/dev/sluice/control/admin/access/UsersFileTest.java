package dev.sluice.control.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.control.governance.User;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {
    /** What sha256sum says of a file with the line {@code sesame}. */
    private static final String SESAME =
            "931ae3524f5dcf103b4c50eaf6db5ec14f5e209c3ec44f14141f4dcad20beed7";

    @TempDir private Path folder;

    @Test
    void users_have_roles_and_groups() throws IOException {
        assertThat(
                        read("""
                        users:
                        - name: ada
                          token_sha256: %s
                          roles: [operator, approver]
                          groups: [dba]
                        - {name: ci@build, token_sha256: %s, roles: [viewer]}
                        """
                                        .formatted(SESAME, "ab".repeat(32)))
                                .orThrow()
                                .users())
                .containsExactly(
                        new UsersFile.Entry(
                                new User(
                                        "ada",
                                        new Rights(
                                                Set.of(Role.OPERATOR, Role.APPROVER),
                                                Set.of("dba"))),
                                new UsersFile.Proof.Token(new Digest(SESAME))),
                        new UsersFile.Entry(
                                new User("ci@build", new Rights(Set.of(Role.VIEWER), Set.of())),
                                new UsersFile.Proof.Token(new Digest("ab".repeat(32)))));
    }

    @Test
    void everything_that_is_wrong_is_told() throws IOException {
        List<Problem> problems =
                read("""
                users:
                - {name: admin, token_sha256: %1$s, roles: [viewer]}
                - {name: ada, token_sha256: %1$s, roles: [boss], groups: dba}
                - {name: ada, token_sha256: secret, roles: [], password: x}
                - {name: UPPER, token_sha256: %2$s, roles: [admin], groups: ["a b"]}
                - nobody
                """
                                .formatted("ab".repeat(32), "cd".repeat(32)))
                        .problems();

        assertThat(problems)
                .extracting(problem -> problem.path().replaceAll(".*users.yaml.", ""))
                .containsExactly(
                        "users[0].name",
                        "users[1].token_sha256",
                        "users[1].roles",
                        "users[1].groups",
                        "users[2]",
                        "users[2].name",
                        "users[2].token_sha256",
                        "users[2].roles",
                        "users[3].name",
                        "users[3].groups",
                        "users[4]");
    }

    @Test
    void a_user_may_have_a_certificate_and_providers_may_vouch_for_others() throws IOException {
        UsersFile.Contents contents =
                read("""
                users:
                - {name: ci, spiffe_id: "spiffe://corp.example/ci/deployer", roles: [operator]}
                issuers:
                - name: corp
                  issuer: https://login.corp.example
                  audiences: [sluice]
                  jwks_uri: https://login.corp.example/keys
                  user_claim: email
                  grants:
                  - {claim: groups, value: databases, roles: [approver], groups: [dba]}
                """)
                        .orThrow();

        assertThat(contents.users())
                .extracting(UsersFile.Entry::proof)
                .containsExactly(
                        new UsersFile.Proof.Certificate("spiffe://corp.example/ci/deployer"));
        assertThat(contents.issuers())
                .containsExactly(
                        new IssuerSpec(
                                "corp",
                                "https://login.corp.example",
                                Set.of("sluice"),
                                new IssuerSpec.Keys.At(
                                        URI.create("https://login.corp.example/keys")),
                                "email",
                                List.of(
                                        new IssuerSpec.Grant(
                                                "groups",
                                                "databases",
                                                new Rights(
                                                        Set.of(Role.APPROVER), Set.of("dba"))))));
    }

    @Test
    void everything_that_is_wrong_with_a_provider_is_told() throws IOException {
        List<Problem> problems =
                read("""
                users:
                - {name: both, spiffe_id: "spiffe://a/b", token_sha256: %s, roles: [viewer]}
                - {name: bare, spiffe_id: "https://a/b", roles: [viewer]}
                issuers:
                - {name: corp, issuer: a, audiences: [s], jwks_uri: "http://keys.example/k",
                   grants: [{claim: groups, value: dba, roles: [approver]}]}
                - {name: corp, issuer: a, jwks_file: none.json, grants: []}
                - {name: ci, issuer: c, audiences: [s], jwks_uri: "http://127.0.0.1:1/k",
                   secret: x, grants: [{claim: sub, roles: []}]}
                """
                                .formatted("ab".repeat(32)))
                        .problems();

        assertThat(problems)
                .extracting(problem -> problem.path().replaceAll(".*users.yaml.", ""))
                .containsExactly(
                        "users[0]",
                        "users[1].spiffe_id",
                        "issuers[0].jwks_uri",
                        "issuers[1].name",
                        "issuers[1].issuer",
                        "issuers[1].audiences",
                        "issuers[1].jwks_file",
                        "issuers[1].grants",
                        "issuers[2]",
                        "issuers[2].grants[0].value",
                        "issuers[2].grants[0].roles");
    }

    @Test
    void what_is_no_list_of_users_is_told() throws IOException {
        for (String text : List.of("", "users: 3", "users: []\nothers: []", "users: [", "- a")) {
            assertThat(read(text).problems()).as(text).hasSize(1);
        }
        assertThat(UsersFile.read(folder.resolve("none.yaml")).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.got()).contains("NoSuchFile"));
    }

    @Test
    void a_file_that_others_may_write_is_refused() throws IOException {
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path file = Files.writeString(folder.resolve("open.yaml"), "users: []");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

        assertThat(UsersFile.read(file).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.remedy()).contains("chmod go-w"));
    }

    @Test
    void a_token_is_known_by_the_digest_of_its_line() {
        assertThat(Digest.of("sesame")).isEqualTo(new Digest(SESAME));
    }

    private Parsed<UsersFile.Contents> read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("users.yaml"), text);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        return UsersFile.read(file);
    }
}

package dev.sluice.control.admin.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.Digest;
import dev.sluice.control.governance.Role;
import dev.sluice.control.governance.User;
import java.io.IOException;
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
                                .orThrow())
                .containsExactly(
                        new UsersFile.Entry(
                                new User(
                                        "ada", Set.of(Role.OPERATOR, Role.APPROVER), Set.of("dba")),
                                new Digest(SESAME)),
                        new UsersFile.Entry(
                                new User("ci@build", Set.of(Role.VIEWER), Set.of()),
                                new Digest("ab".repeat(32))));
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

    private Parsed<List<UsersFile.Entry>> read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("users.yaml"), text);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        return UsersFile.read(file);
    }
}

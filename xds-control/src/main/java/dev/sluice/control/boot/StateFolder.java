package dev.sluice.control.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.control.admin.access.AdminToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The folder of a control plane, made where there is none. Stateless. */
final class StateFolder {
    private StateFolder() {}

    /**
     * The token in it, made at the first start.
     *
     * @throws StartFailure when the folder can't be written
     */
    static AdminToken token(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StartFailure(
                    new Problem(
                            "--state " + folder,
                            e.getClass().getSimpleName() + " " + e.getMessage(),
                            "a folder that can be written",
                            "name another, or correct its owner"),
                    e);
        }
        return switch (AdminToken.of(folder, new SecureRandom())) {
            case Parsed.Ok<AdminToken>(var token) -> token;
            case Parsed.Refused<AdminToken>(var problems) ->
                    throw new StartFailure(problems.getFirst());
        };
    }
}

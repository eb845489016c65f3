package dev.sluice.chaos.cli;

import dev.sluice.contract.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files that are named on the command line. Stateless. */
final class GivenFiles {
    /** What to do about one that is not fit. */
    static final String REMEDY = "correct its name or its rights";

    private static final String FOLDER = "a folder";

    private GivenFiles() {}

    /**
     * The text of a file.
     *
     * @throws FileSystemException with a reason that a reader understands
     */
    static String read(Path file) throws FileSystemException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException binary) {
            throw unfit(file, "not UTF-8", binary);
        } catch (FileSystemException named) {
            throw named;
        } catch (IOException broken) {
            String reason = Files.isDirectory(file) ? FOLDER : String.valueOf(broken.getMessage());
            throw unfit(file, reason, broken);
        }
    }

    private static FileSystemException unfit(Path file, String reason, IOException cause) {
        var unfit = new FileSystemException(file.toString(), null, reason);
        unfit.initCause(cause);
        return unfit;
    }

    /** Why a file can't be read or written, in a few words. */
    static String reason(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "access denied";
            default -> String.valueOf(failure.getReason());
        };
    }

    /** What is wrong with files that are to be written at the end, seen before the beginning. */
    static List<Problem> unwritable(List<Path> files) {
        return files.stream().flatMap(file -> unwritable(file).stream()).toList();
    }

    private static Optional<Problem> unwritable(Path file) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
        String got =
                Files.isDirectory(file)
                        ? FOLDER
                        : !Files.isDirectory(folder)
                                ? "its folder is not there"
                                : Files.isWritable(Files.exists(file) ? file : folder)
                                        ? ""
                                        : "access denied";
        return got.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Problem(file.toString(), got, "a file that can be written", REMEDY));
    }
}

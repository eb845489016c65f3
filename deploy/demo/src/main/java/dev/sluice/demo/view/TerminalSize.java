package dev.sluice.demo.view;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Columns and rows of a terminal. Immutable.
 *
 * @param columns 1..
 * @param rows 1..
 */
record TerminalSize(int columns, int rows) {
    /** Of a terminal that does not say. */
    static final TerminalSize USUAL = new TerminalSize(80, 24);

    private static final int STANDARD_OUTPUT = 1;
    private static final long TIOCGWINSZ = 0x5413; // Linux, asm-generic/ioctls.h
    private static final long WINSIZE_BYTES = 8;
    private static final MethodHandle IOCTL = ioctl();

    /** Asks the terminal on standard output. */
    static TerminalSize now() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE_BYTES, Short.BYTES);
            int failed = (int) IOCTL.invokeExact(STANDARD_OUTPUT, TIOCGWINSZ, size);
            int rows = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, Short.BYTES));
            return failed != 0 || rows == 0 || columns == 0
                    ? USUAL
                    : new TerminalSize(columns, rows);
        } catch (Throwable e) {
            throw new IllegalStateException("ioctl can't be called", e);
        }
    }

    @SuppressWarnings("restricted") // no Java API tells the size of a terminal
    private static MethodHandle ioctl() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
    }
}

package ips.cli;

import java.util.concurrent.Callable;

/** A subcommand of {@code ips}; it has a constructor that takes the {@link Terminal}. */
public interface SensorCommand extends Callable<Integer> {}

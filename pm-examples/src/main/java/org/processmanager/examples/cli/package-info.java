/** The subcommands of {@code pm}, one class each, and what they share: options, output, exit codes. */
@NullMarked
package org.processmanager.examples.cli;

import org.jspecify.annotations.NullMarked;

/** The subcommands of {@code pm}, one class each. */
@NullMarked
package org.processmanager.examples.app.cli;

import org.jspecify.annotations.NullMarked;

"""The parts of the zdtm test runner."""

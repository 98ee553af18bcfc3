"""Ask language models that offer OpenAI's interface."""
